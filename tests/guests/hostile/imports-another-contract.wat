;; expect: error policy-interface
;; says: admit:policy/callout@0.2.0
;; raw
(component
    (import "admit:policy/callout@0.2.0" (instance (export "stage" (func (result string))))))
