//! The machine that is measured on: what it is, how long its disk needs, and who used its processors.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::report::Latencies;

/// Writes that are timed to learn what the disk does.
const SYNCS: usize = 500;

/// How long it takes to write 4 KiB over others in the middle of a file in `folder` and to `fdatasync` it, as a log does
/// that is used again and again.
///
/// # Errors
/// When the folder cannot be written to.
pub(crate) fn sync_times(folder: &Path) -> Result<Latencies> {
    use std::os::unix::fs::FileExt;
    let path = folder.join("sync-times");
    let file = File::create(&path).context("the folder of the data cannot be written to")?;
    let page = [7_u8; 4096];
    file.write_all_at(&vec![0; SYNCS * page.len()], 0)?;
    file.sync_all()?;
    let mut times = Latencies::new();
    for at in 0..SYNCS {
        let start = Instant::now();
        file.write_all_at(&page, (at * page.len()) as u64)?;
        file.sync_data()?;
        times.add(start.elapsed());
    }
    drop(file);
    std::fs::remove_file(path)?;
    Ok(times)
}

/// Processor time that a program and those that it started have used; nothing for one that is gone.
pub(crate) fn processor_time(pid: u32) -> Duration {
    let children = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let children = children.filter_map(|entry| {
        let child = entry.file_name().to_str()?.parse().ok()?;
        let (parent, time) = stat(child)?;
        (parent == pid).then_some(time)
    });
    let own = stat(pid).map_or(Duration::ZERO, |(_, time)| time);
    own + children.sum::<Duration>()
}

/// Processor time of this program alone.
pub(crate) fn own_time() -> Duration {
    stat(std::process::id()).map_or(Duration::ZERO, |(_, time)| time)
}

/// The parent of a process and its own time. The name may hold anything, so what counts comes after its bracket.
fn stat(pid: u32) -> Option<(u32, Duration)> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut words = text.rsplit_once(") ")?.1.split(' ');
    let parent = words.nth(1)?.parse().ok()?;
    let mut ticks = 0;
    for word in words.skip(9).take(2) {
        ticks += word.parse::<u64>().ok()?;
    }
    let millis = ticks * 1000 / rustix::param::clock_ticks_per_second();
    Some((parent, Duration::from_millis(millis)))
}

/// Resident memory of a program in MiB.
pub(crate) fn memory_mib(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib / 1024)
}

/// Lets this program and those that it starts open as many sockets as the system allows.
pub(crate) fn allow_many_sockets() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = Rlimit {
        current: limit.maximum,
        ..limit
    };
    if let Err(error) = setrlimit(Resource::Nofile, wanted) {
        eprintln!("the limit of open files stays: {error}");
    }
}

/// The machine in one line.
pub(crate) fn description() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(':'))
            .map_or_else(|| "?".to_owned(), |(_, value)| value.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = field(&read("/proc/meminfo"), "MemTotal");
    let memory: u64 = memory.trim_end_matches(" kB").parse().unwrap_or(0);
    let model = field(&read("/proc/cpuinfo"), "model name");
    let kernel = read("/proc/sys/kernel/osrelease");
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or("?");
    format!(
        "{cores} cores ({model}), {} GiB, Linux {}, load {load} before the run",
        memory / 1024 / 1024,
        kernel.trim()
    )
}

/// What a command says in its first line; a question mark when it does not.
pub(crate) fn first_line(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    match text.as_deref().map(|text| text.lines().next()) {
        Ok(Some(line)) => line.trim().to_owned(),
        _ => "?".to_owned(),
    }
}

/// Copies a file, making the copy durable, so that its writing does not disturb what is measured next.
///
/// # Errors
/// When it cannot be copied.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(OpenOptions::new().write(true).open(to)?.sync_all()?)
}
