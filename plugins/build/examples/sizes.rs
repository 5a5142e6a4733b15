//! Builds policies and prints what they weigh: `cargo run --example sizes -- DIRECTORY...`.

use std::{error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    for directory in std::env::args().skip(1) {
        let options = admit_build::Options {
            quiet: true,
            ..Default::default()
        };
        let built = admit_build::build(Path::new(&directory), &options)?;
        println!("{} {} bytes", built.metadata.name, built.component.len());
        for payload in wasmparser::Parser::new(0).parse_all(&built.component) {
            match payload? {
                wasmparser::Payload::MemorySection(section) => {
                    for memory in section {
                        println!("  memory: {} pages", memory?.initial);
                    }
                }
                wasmparser::Payload::ComponentImportSection(section) => {
                    for import in section {
                        println!("  import: {}", import?.name.name);
                    }
                }
                _ => {}
            }
        }
    }
    Ok(())
}
