;; expect: fault trap
;; says: unreachable
(import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
(import "admit:policy/verdict@0.1.0" "approve" (func $approve (param i32 i32 i32 i32)))
(data (i32.const 512) "timed")
(func (export "evaluate") (result i32)
    (drop (call $time (i32.const 0) (i64.const 1) (i32.const 2048)))
    (call $approve (i32.const 512) (i32.const 5) (i32.const 512) (i32.const 0))
    (i32.const 1024))
