"""``civic bench``: what this installation can do, next to what this machine can do, measured in the same run.

A number alone says more about the machine than about the program. So every number here has a neighbour: the
same request answered by nothing but the web framework, the same vote written as tutorials write it, the same sum
by numpy. They run in turns, several rounds, and after each run it is checked that the work was really done.
"""
