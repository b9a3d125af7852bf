//! Contrast of the colours in `frontend/styles/tokens.css`, in the light and in the dark theme: 4.5 for text
//! and 3 for what is not text (WCAG 2.2, 1.4.3 and 1.4.11), for every pair that the client puts together.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, bail};

const TOKENS: &str = "frontend/styles/tokens.css";
const DARK: &str = ":root[data-theme=\"dark\"]";

const TEXT: f64 = 4.5;
const NOT_TEXT: f64 = 3.0;

/// Foreground, the backgrounds it stands on, the contrast it needs.
const PAIRS: &[(&str, &[&str], f64)] = &[
    (
        "ink",
        &["canvas", "surface", "sunken", "hover", "accent-soft"],
        TEXT,
    ),
    ("ink-2", &["canvas", "surface", "sunken", "hover"], TEXT),
    (
        "ink-3",
        &["canvas", "surface", "sunken", "hover", "accent-soft"],
        TEXT,
    ),
    ("link", &["canvas", "surface", "sunken", "accent-soft"], TEXT),
    ("accent", &["surface", "canvas"], TEXT),
    ("on-accent", &["accent", "accent-hover"], TEXT),
    ("accent-soft-ink", &["accent-soft"], TEXT),
    ("clay", &["surface", "canvas"], TEXT),
    ("clay-soft-ink", &["clay-soft"], TEXT),
    ("honey-ink", &["honey-soft"], TEXT),
    ("honey", &["surface", "canvas"], NOT_TEXT),
    ("danger", &["surface", "canvas", "accent-soft"], TEXT),
    ("on-danger", &["danger"], TEXT),
    ("danger-ink", &["danger-soft"], TEXT),
    ("success", &["surface"], TEXT),
    ("warning", &["surface"], TEXT),
    ("info", &["surface"], TEXT),
    ("online", &["surface", "canvas"], NOT_TEXT),
    ("line-strong", &["surface", "canvas", "sunken"], NOT_TEXT),
    ("focus", &["canvas", "surface", "sunken"], NOT_TEXT),
];

type Theme = HashMap<String, [u8; 3]>;

/// Prints the table and fails when a pair is too faint.
pub(crate) fn run(root: &Path) -> Result<()> {
    let css = std::fs::read_to_string(root.join(TOKENS)).context(TOKENS)?;
    let (table, failing) = check(&css)?;
    println!("{table}");
    if !failing.is_empty() {
        bail!("too little contrast: {}", failing.join(", "));
    }
    Ok(())
}

/// The table and the pairs that fail.
fn check(css: &str) -> Result<(String, Vec<String>)> {
    let [light, dark] = themes(css)?;
    let mut table = format!("  {:17}{:17}{:>6}{:>7}{:>7}", "", "on", "light", "dark", "needs");
    let mut failing = Vec::new();
    for (front, backs, needed) in PAIRS {
        for back in *backs {
            let on =
                |theme: &Theme| Ok::<_, anyhow::Error>(contrast(colour(theme, front)?, colour(theme, back)?));
            let (in_light, in_dark) = (on(&light)?, on(&dark)?);
            table += &format!("\n  {front:17}{back:17}{in_light:6.2}{in_dark:7.2}{needed:7.1}");
            if in_light.min(in_dark) < *needed {
                failing.push(format!("{front} on {back}"));
            }
        }
    }
    Ok((table, failing))
}

/// The light theme, and the dark one, which inherits what it does not set.
fn themes(css: &str) -> Result<[Theme; 2]> {
    let (light, dark) = css
        .split_once(DARK)
        .with_context(|| format!("{TOKENS} has no {DARK}"))?;
    // What people see who ask for more contrast is not what must suffice for everybody.
    let light = light.split("@media (prefers-contrast").next().unwrap_or(light);
    let dark = dark.split_once('}').map_or(dark, |(block, _)| block);
    let light = colours(light);
    let mut dark_theme = light.clone();
    dark_theme.extend(colours(dark));
    Ok([light, dark_theme])
}

/// Every `--name: #rrggbb`.
fn colours(css: &str) -> Theme {
    css.split("--")
        .filter_map(|declaration| {
            let (name, value) = declaration.split_once(':')?;
            let digits = value.trim_start().strip_prefix('#')?.get(..6)?;
            let number = u32::from_str_radix(digits, 16).ok()?;
            let [_, red, green, blue] = number.to_be_bytes();
            Some((name.trim().to_owned(), [red, green, blue]))
        })
        .collect()
}

fn colour(theme: &Theme, name: &str) -> Result<[u8; 3]> {
    theme
        .get(name)
        .copied()
        .with_context(|| format!("{TOKENS} has no --{name}: #rrggbb"))
}

/// WCAG's contrast ratio, 1 to 21.
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// WCAG's relative luminance.
fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_the_client_is_readable() {
        if let Err(error) = crate::root().and_then(|root| run(&root)) {
            panic!("{error:#}");
        }
    }

    #[test]
    fn ratios_are_those_of_wcag() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
        assert!((contrast([0x77; 3], [255; 3]) - 4.478).abs() < 1e-3);
    }

    /// Black on white everywhere, so that only the changed colour can fail.
    fn tokens(change: &str, change_dark: &str) -> String {
        let mut css = String::from(":root { ");
        for (front, backs, _) in PAIRS {
            for (name, value) in
                std::iter::once((front, "#000000")).chain(backs.iter().map(|b| (b, "#FFFFFF")))
            {
                // The ones that stand on both sides are backgrounds of light text.
                let value = if ["accent", "danger"].contains(name) {
                    "#444444"
                } else {
                    value
                };
                let value = if name.starts_with("on-") { "#FFFFFF" } else { value };
                let value = if *name == "accent-hover" { "#000000" } else { value };
                css += &format!("--{name}: {value}; ");
            }
        }
        format!("{css} {change} }} {DARK} {{ {change_dark} }}")
    }

    #[test]
    fn a_faint_colour_is_found_in_either_theme() -> Result<()> {
        assert_eq!(check(&tokens("", ""))?.1, Vec::<String>::new());
        let faint = "--success: #999999;";
        for css in [tokens(faint, ""), tokens("", faint)] {
            assert_eq!(check(&css)?.1, ["success on surface"]);
        }
        assert!(check("").is_err());
        Ok(())
    }
}
