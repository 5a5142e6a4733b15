;; expect: fault refused
;; says: nothing there
;; Output is not there (52), directories end at once (8), and there are 0 variables. Otherwise it approves.
(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "fd_prestat_get" (func $directory (param i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "environ_sizes_get" (func $variables (param i32 i32) (result i32)))
(import "admit:policy/verdict@0.1.0" "approve" (func $approve (param i32 i32 i32 i32)))
(data (i32.const 512) "nothing there")
(func (export "evaluate") (result i32)
    (i64.store (i32.const 2048) (i64.const -1))
    (if (i32.and
            (i32.and
                (i32.eq (call $write (i32.const 1) (i32.const 512) (i32.const 0) (i32.const 2056)) (i32.const 52))
                (i32.eq (call $directory (i32.const 3) (i32.const 2056)) (i32.const 8)))
            (i32.and
                (i32.eqz (call $variables (i32.const 2048) (i32.const 2052)))
                (i64.eqz (i64.load (i32.const 2048)))))
        (then
            (i32.store8 (i32.const 1024) (i32.const 1))
            (i32.store (i32.const 1028) (i32.const 512))
            (i32.store (i32.const 1032) (i32.const 13)))
        (else (call $approve (i32.const 512) (i32.const 7) (i32.const 512) (i32.const 0))))
    (i32.const 1024))
