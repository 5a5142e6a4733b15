;; expect: fault trap
;; says: unreachable
(import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
(import "admit:policy/verdict@0.1.0" "approve" (func $approve (param i32 i32 i32 i32)))
(data (i32.const 512) "lucky")
(func (export "evaluate") (result i32)
    (drop (call $random (i32.const 2048) (i32.const 8)))
    (call $approve (i32.const 512) (i32.const 5) (i32.const 512) (i32.const 0))
    (i32.const 1024))
