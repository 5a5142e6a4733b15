//! What `wit-bindgen` makes of the contract.

wit_bindgen::generate!({
    path: "../wit/policy.wit",
    world: "policy",
    pub_export_macro: true,
    export_macro_name: "export_policy",
    default_bindings_module: "::admit_policy::export::bindings",
    runtime_path: "::wit_bindgen::rt",
});
