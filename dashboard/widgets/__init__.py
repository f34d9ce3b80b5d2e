"""Controls and furniture used on more than one page; every value returned is plain."""
