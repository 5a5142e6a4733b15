use crate::{Error, Options};
use std::path::Path;
pub(crate) fn compile(_folder: &Path, _options: &Options) -> Result<Vec<u8>, Error> {
    Err(Error::Toolchain("not there yet".into()))
}
