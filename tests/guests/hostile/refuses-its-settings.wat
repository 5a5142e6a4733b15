;; expect: error policy-settings
;; says: refused its settings: never
(data (i32.const 16) "never")
(func (export "configure") (result i32)
    (i32.store8 (i32.const 1024) (i32.const 1))
    (i32.store (i32.const 1028) (i32.const 16))
    (i32.store (i32.const 1032) (i32.const 5))
    (i32.const 1024))
(func (export "evaluate") (result i32) (i32.const 1024))
