;; expect: fault refused
;; says: aaaa
;; longest: 4096
(func (export "evaluate") (result i32)
    (memory.fill (i32.const 4096) (i32.const 97) (i32.const 60000))
    (i32.store8 (i32.const 1024) (i32.const 1))
    (i32.store (i32.const 1028) (i32.const 4096))
    (i32.store (i32.const 1032) (i32.const 60000))
    (i32.const 1024))
