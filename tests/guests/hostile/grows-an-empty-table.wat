;; expect: fault memory
;; says: table
;; fuel: off
(table $t 0 funcref)
(func (export "evaluate") (result i32)
    (drop (table.grow $t (ref.null func) (i32.const 500000000)))
    (i32.const 1024))
