//! Links the shared library of cimba: that of its package on PyPI, or one that is installed under its own name.

use std::env;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-env-changed=CIMBA_LIB");
    let directory = env::var("CIMBA_LIB")
        .expect("CIMBA_LIB: the directory of cimba's shared library (benches/peers/run sets it)");
    let is_packaged = Path::new(&directory).join("libcimba_py.so").exists();
    let name = if is_packaged { "cimba_py" } else { "cimba" };
    println!("cargo::rustc-link-search=native={directory}");
    println!("cargo::rustc-link-lib=dylib={name}");
    println!("cargo::rustc-link-arg=-Wl,-rpath,{directory}");
}
