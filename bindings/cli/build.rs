//! Puts into the binary the stock policies that interpret rules, for `admit new`: those of the folder
//! that the environment variable ADMIT_STOCK names, where they are built already.

use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=ADMIT_STOCK");
    let folder = env::var_os("ADMIT_STOCK").map(PathBuf::from);
    for name in ["rego", "cedar"] {
        let stock = folder
            .as_ref()
            .map(|folder| folder.join(name).with_extension("wasm"));
        let code = match stock {
            None => "None".to_owned(),
            Some(stock) => {
                println!("cargo::rerun-if-changed={}", stock.display());
                match stock.canonicalize() {
                    Ok(stock) => format!("Some(include_bytes!({stock:?}))"),
                    // Whoever builds them needs this program first.
                    Err(_) => "None".to_owned(),
                }
            }
        };
        let out = PathBuf::from(env::var("OUT_DIR")?).join(format!("{name}.rs"));
        fs::write(out, code)?;
    }
    Ok(())
}
