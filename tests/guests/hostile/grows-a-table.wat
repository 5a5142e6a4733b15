;; expect: fault memory
;; says: table
(table $t 1 funcref)
(func (export "evaluate") (result i32)
    (loop $again (drop (table.grow $t (ref.null func) (i32.const 1000))) (br $again))
    (i32.const 1024))
