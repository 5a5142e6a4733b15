;; expect: fault fuel
(import "admit:policy/evaluation@0.1.0" "now" (func $now (result i64)))
(func (export "evaluate") (result i32)
    (loop $again (drop (call $now)) (br $again))
    (i32.const 1024))
