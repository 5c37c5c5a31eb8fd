"""``memstack-migrate parity``: the user's own project through Alembic and through the engine, on scratch databases.

Each of the two upgrades, downgrades and upgrades again in a process of its own (``child.py``), in which every engine that
env.py makes is sent to a scratch database (``detour.py``). Compared are dumps and the SQL of ``--sql`` (``comparison.py``); the
scratch databases, and the roles that revisions made, are gone afterwards (``scratch.py``).
"""
