from sqlalchemy import Column, Integer, MetaData, String, Table

metadata = MetaData()
Table("rooms", metadata, Column("id", Integer, primary_key=True), Column("name", String(40)), Column("floor", Integer))
Table("named_rooms", metadata, Column("id", Integer), info={"is_view": True})
