;; expect: error policy-format
;; says: not a valid WebAssembly component
;; raw
(component
    (core module
        (func (export "evaluate") (result i32))))
