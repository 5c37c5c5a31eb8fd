"""The numbers of PostgreSQL's built-in types; they never change (``src/include/catalog/pg_type.dat``)."""

from __future__ import annotations

from typing import Final

BOOL: Final = 16
BYTEA: Final = 17
CHAR: Final = 18
NAME: Final = 19
INT8: Final = 20
INT2: Final = 21
INT2VECTOR: Final = 22
INT4: Final = 23
TEXT: Final = 25
OID: Final = 26
OIDVECTOR: Final = 30
JSON: Final = 114
FLOAT4: Final = 700
FLOAT8: Final = 701
CIDR: Final = 650
INET: Final = 869
MACADDR: Final = 829
BPCHAR: Final = 1042
VARCHAR: Final = 1043
DATE: Final = 1082
TIME: Final = 1083
TIMESTAMP: Final = 1114
TIMESTAMPTZ: Final = 1184
INTERVAL: Final = 1186
TIMETZ: Final = 1266
NUMERIC: Final = 1700
RECORD: Final = 2249
UUID: Final = 2950
JSONB: Final = 3802

RANGE_ELEMENTS: Final = {3904: INT4, 3906: NUMERIC, 3908: TIMESTAMP, 3910: TIMESTAMPTZ, 3912: DATE, 3926: INT8}
MULTIRANGE_RANGES: Final = {4451: 3904, 4532: 3906, 4533: 3908, 4534: 3910, 4535: 3912, 4536: 3926}

#: The one whose elements are separated by semicolons.
BOX_ARRAY: Final = 1020

# Array type -> element type.
ARRAY_ELEMENTS: Final = {
    1000: BOOL,
    1001: BYTEA,
    1002: CHAR,
    1003: NAME,
    1016: INT8,
    1005: INT2,
    1006: INT2VECTOR,
    1007: INT4,
    1009: TEXT,
    1028: OID,
    199: JSON,
    1021: FLOAT4,
    1022: FLOAT8,
    651: CIDR,
    1041: INET,
    1040: MACADDR,
    1014: BPCHAR,
    1015: VARCHAR,
    1182: DATE,
    1183: TIME,
    1115: TIMESTAMP,
    1185: TIMESTAMPTZ,
    1187: INTERVAL,
    1270: TIMETZ,
    1231: NUMERIC,
    2951: UUID,
    3807: JSONB,
    3905: 3904,
    3907: 3906,
    3909: 3908,
    3911: 3910,
    3913: 3912,
    3927: 3926,
}

# Those that psycopg2 leaves as text.
RARE_ARRAY_ELEMENTS: Final = {
    1013: OIDVECTOR,
    143: 142,  # xml
    1017: 600,  # point
    1018: 601,  # lseg
    1019: 602,  # path
    1027: 604,  # polygon
    629: 628,  # line
    719: 718,  # circle
    775: 774,  # macaddr8
    791: 790,  # money
    1561: 1560,  # bit
    1563: 1562,  # varbit
    2287: RECORD,
    4073: 4072,  # jsonpath
    3643: 3614,  # tsvector
    3645: 3615,  # tsquery
    3221: 3220,  # pg_lsn
    1011: 28,  # xid
    1263: 2275,  # cstring
    2210: 2205,  # regclass
    2211: 2206,  # regtype
    6150: 4451,
    6151: 4532,
    6152: 4533,
    6153: 4534,
    6155: 4535,
    6157: 4536,
    1034: 1033,  # aclitem
    BOX_ARRAY: 603,
    1012: 29,  # cid
    3644: 3642,  # gtsvector
    2201: 1790,  # refcursor
    4192: 4191,  # regcollation
    3735: 3734,  # regconfig
    3770: 3769,  # regdictionary
    4090: 4089,  # regnamespace
    2208: 2203,  # regoper
    2209: 2204,  # regoperator
    1008: 24,  # regproc
    2207: 2202,  # regprocedure
    4097: 4096,  # regrole
    1010: 27,  # tid
    2949: 2970,  # txid_snapshot
    271: 5069,  # xid8
}
