//! Programs of the system that some of it needs.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

use crate::product::{Cores, Server};

/// Whether a program can be run.
pub(crate) fn there(program: &str) -> bool {
    Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|it| it.success())
}

/// Whether this is the system's administrator.
pub(crate) fn is_root() -> bool {
    let out = Command::new("id").arg("-u").output();
    out.is_ok_and(|out| out.stdout.starts_with(b"0\n"))
}

/// Runs a program to its end; an error where it fails.
pub(crate) fn run(program: &str, args: &[&str]) -> anyhow::Result<String> {
    let out = Command::new(program).args(args).output()?;
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    ensure!(out.status.success(), "{program} {}: {said}", args.join(" "));
    Ok(said)
}

/// Starts the app on this database, with its log in `log`. Where it does not start, the end of that says why.
pub(crate) fn start(url: &str, environment: &[(&str, &str)], log: &Path) -> anyhow::Result<Server> {
    let written = Stdio::from(std::fs::File::create(log)?);
    Server::app_with(url, Cores::All, environment, written).with_context(|| {
        let said = std::fs::read_to_string(log).unwrap_or_default();
        let last: Vec<&str> = said.lines().rev().take(5).collect();
        last.into_iter().rev().collect::<Vec<_>>().join(" / ")
    })
}

/// A file system in a file, mounted as long as this lives.
pub(crate) struct Mounted<'a> {
    image: &'a Path,
    at: &'a Path,
}

impl<'a> Mounted<'a> {
    /// Makes it, so many MiB large.
    pub(crate) fn make(image: &'a Path, at: &'a Path, size: u32) -> anyhow::Result<Self> {
        std::fs::create_dir_all(at)?;
        std::fs::File::create(image)?.set_len(u64::from(size) << 20)?;
        run("mkfs.ext4", &["-q", "-F", &image.display().to_string()])?;
        let mounted = Self { image, at };
        mounted.mount()?;
        Ok(mounted)
    }

    fn mount(&self) -> anyhow::Result<()> {
        run("mount", &["-o", "loop", &self.image.display().to_string(), &self.at.display().to_string()])
            .map(drop)
    }

    /// As after the power has come back: what never reached the disk is gone.
    pub(crate) fn again(&self) -> anyhow::Result<()> {
        run("umount", &[&self.at.display().to_string()])?;
        self.mount()
    }

    /// The power goes: nothing that is still in memory reaches the disk any more.
    pub(crate) fn cut(&self) -> anyhow::Result<()> {
        run("xfs_io", &["-x", "-c", "shutdown", &self.at.display().to_string()]).map(drop)
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = run("umount", &[&self.at.display().to_string()]);
    }
}
