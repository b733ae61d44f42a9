"""One-time codes on cards (投票カード) for people without LINE: one code, one vote. Only keyed hashes are kept."""
