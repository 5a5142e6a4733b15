;; expect: fault answer
;; says: a detail of 32768 bytes
(import "admit:policy/verdict@0.1.0" "deny" (func $deny (param i32 i32 i32 i32)))
(data (i32.const 0) "code")
(func (export "evaluate") (result i32)
    (memory.fill (i32.const 8192) (i32.const 97) (i32.const 32768))
    (call $deny (i32.const 0) (i32.const 4) (i32.const 8192) (i32.const 32768))
    (i32.const 1024))
