//! The C library, from C: programs are compiled against `include/admit.h`, linked with the library, run, and
//! judged by what they say.

mod corpus;
mod cpp;
mod header;
mod install;
mod nulls;
mod programs;
mod random;
mod readme;
mod sanitized;
mod source;
mod toolchain;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    if !arguments.list {
        admit_tests::build_components();
    }
    let mut trials: Vec<Trial> = Vec::new();
    trials.extend(source::trials());
    trials.extend(header::trials());
    trials.extend(cpp::trials());
    trials.extend(programs::trials());
    trials.extend(nulls::trials());
    trials.extend(sanitized::trials());
    trials.extend(random::trials());
    trials.extend(corpus::trials());
    trials.extend(install::trials());
    trials.extend(readme::trials());
    libtest_mimic::run(&arguments, trials).exit();
}
