//! `cargo workbook doctor`.

use crate::ran::Ran;
use crate::workbook::Workbook;

#[test_cache::test]
fn doctor_names_settings_of_cargo_that_change_the_build() {
    let workbook = Workbook::new();
    let home = workbook.path("home");
    workbook.write(
        "home/config.toml",
        "[build]\ntarget = \"x\"\n[net]\noffline = true\n",
    );
    let ran = workbook
        .tool()
        .arg("doctor")
        .env("CARGO_HOME", &home)
        .env("RUSTFLAGS", "-Cpanic=abort")
        .env("CARGO_BUILD_TARGET", "x")
        .output();
    let stdout = Ran(ran.expect("started")).exits_with(0).stdout();
    let config = format!("{} (build)", home.join("config.toml").display());
    let line = format!("CARGO_BUILD_TARGET, RUSTFLAGS, {config}\n");
    assert!(stdout.contains(&line), "{stdout}");
}

#[test_cache::test]
fn doctor_reports_missing_requirements() {
    let workbook = Workbook::new();
    workbook
        .run("doctor")
        .exits_with(0)
        .says("This machine meets all requirements.");
    let ran = workbook
        .tool()
        .arg("doctor")
        .env("PATH", "")
        .env_remove("CARGO")
        .env_remove("RUSTC")
        .output();
    let ran = Ran(ran.expect("started")).exits_with(2);
    assert!(
        ran.stdout().contains("`cargo` could not be started."),
        "{}",
        ran.stdout()
    );
    assert!(ran.stdout().contains("https://rustup.rs"));
    workbook.write("exercises/exercises.toml", "[[chapter]]\nslug = 3\n");
    workbook
        .run("doctor")
        .exits_with(2)
        .says("exercises/exercises.toml is invalid.");
}
