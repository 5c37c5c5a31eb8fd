from sqlalchemy import Column, Integer, MetaData, Table

metadata = MetaData()
Table("rooms", metadata, Column("id", Integer, primary_key=True))
