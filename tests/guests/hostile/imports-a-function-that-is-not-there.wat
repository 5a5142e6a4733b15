;; expect: error policy-interface
;; says: teleport
;; raw
(component
    (import "admit:policy/callout@0.1.0" (instance (export "teleport" (func (result string))))))
