def seed(home): return []
def greeting(*a): return ""
