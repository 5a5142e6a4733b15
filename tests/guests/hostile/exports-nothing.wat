;; expect: error policy-interface
;; says: does not export `configure`
;; raw
(component)
