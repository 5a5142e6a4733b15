;; expect: fault answer
;; says: more than 16 notes
(import "admit:policy/verdict@0.1.0" "note" (func $note (param i32 i32 i32 i32)))
(data (i32.const 0) "code")
(func (export "evaluate") (result i32)
    (loop $again
        (call $note (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))
        (br $again))
    (i32.const 1024))
