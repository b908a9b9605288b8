"""ポータルの画面: one module a task"""
