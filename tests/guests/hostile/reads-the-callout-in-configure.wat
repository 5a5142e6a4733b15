;; expect: error policy-load
;; says: from `configure`
(import "admit:policy/evaluation@0.1.0" "now" (func $now (result i64)))
(func (export "configure") (result i32) (drop (call $now)) (i32.const 1024))
(func (export "evaluate") (result i32) (i32.const 1024))
