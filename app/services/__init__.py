"""The only code that changes what is stored.

A function that takes `db` is a step inside one transaction and never commits. One that takes the `store`
reads, works and writes by itself: hashing a password or marking an attempt must not hold up the writer.
"""
