;; expect: fault trap
;; says: unreachable
(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
(import "admit:policy/verdict@0.1.0" "approve" (func $approve (param i32 i32 i32 i32)))
(data (i32.const 512) "done")
(func (export "evaluate") (result i32)
    (call $approve (i32.const 512) (i32.const 4) (i32.const 512) (i32.const 0))
    (call $exit (i32.const 0))
    (i32.const 1024))
