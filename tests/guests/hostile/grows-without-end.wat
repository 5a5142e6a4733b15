;; expect: fault memory
;; says: it may have 4194304
(func (export "evaluate") (result i32)
    (loop $again (drop (memory.grow (i32.const 1))) (br $again))
    (i32.const 1024))
