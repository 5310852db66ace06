//! Every sentence that the gate and the decoder say, in both languages, as a committed snapshot.

use archive::imaging::{Finding, FindingKind, ImageRefusal, MediaType, Severity};
use archive::words;

const KINDS: [FindingKind; 8] = [
    FindingKind::LowResolution,
    FindingKind::FewPixels,
    FindingKind::Skewed,
    FindingKind::Blurred,
    FindingKind::Blank,
    FindingKind::CutCorner,
    FindingKind::TooDark,
    FindingKind::TooBright,
];

/// Fails to compile when a kind is added and not shown here.
fn place(kind: FindingKind) -> usize {
    match kind {
        FindingKind::LowResolution => 0,
        FindingKind::FewPixels => 1,
        FindingKind::Skewed => 2,
        FindingKind::Blurred => 3,
        FindingKind::Blank => 4,
        FindingKind::CutCorner => 5,
        FindingKind::TooDark => 6,
        FindingKind::TooBright => 7,
    }
}

/// One of each variant; the match below fails to compile when one is added.
fn refusals() -> Vec<ImageRefusal> {
    use ImageRefusal::*;
    vec![
        Empty,
        TooManyBytes { bytes: 22_020_096, limit: 20_971_520 },
        UnknownType,
        Unsupported { page: 2, feature: "CMYK color" },
        TooManyPixels { page: 1, width: 9_000, height: 9_000, limit: 60_000_000 },
        TooLong { page: 1, width: 60_000, height: 100, limit: 20_000 },
        TooManyPages { pages: 21, limit: 20 },
        TooMuchTogether { page: 7, limit: 268_435_456 },
        Bomb { limit: 268_435_456 },
        TooManyPixelsWithin { width: 9_000, height: 9_000, limit: 60_000_000 },
        NoPages,
        Truncated { page: 1 },
        Broken { page: 3 },
        Encrypted,
        FontMissing { page: 1 },
        Unreadable { media: MediaType::Pdf },
    ]
}

fn number(refusal: ImageRefusal) -> usize {
    use ImageRefusal::*;
    match refusal {
        Empty => 0,
        TooManyBytes { .. } => 1,
        UnknownType => 2,
        Unsupported { .. } => 3,
        TooManyPixels { .. } => 4,
        TooLong { .. } => 5,
        TooManyPages { .. } => 6,
        TooMuchTogether { .. } => 7,
        Bomb { .. } => 8,
        TooManyPixelsWithin { .. } => 9,
        NoPages => 10,
        Truncated { .. } => 11,
        Broken { .. } => 12,
        Encrypted => 13,
        FontMissing { .. } => 14,
        Unreadable { .. } => 15,
    }
}

#[test]
fn every_finding_is_said_in_both_languages() {
    let mut lines = Vec::new();
    for (index, kind) in KINDS.into_iter().enumerate() {
        assert_eq!(place(kind), index, "each once");
        let finding = Finding { kind, severity: Severity::Refuse, measured: 412, limit: 300, region: None };
        let (zh, en) = words::finding(&finding);
        lines.push(format!("{}\n  {zh}\n  {en}", kind.name()));
    }
    insta::assert_snapshot!("findings", lines.join("\n"));
}

#[test]
fn every_refusal_of_a_file_is_said_in_both_languages() {
    let mut lines = Vec::new();
    for (index, refused) in refusals().into_iter().enumerate() {
        assert_eq!(number(refused), index, "each once");
        let refusal = words::refusal(refused);
        lines.push(format!("{}\n  {}\n  {}", refusal.code.as_str(), refusal.zh(), refusal.en()));
    }
    insta::assert_snapshot!("refusals", lines.join("\n"));
}

#[test]
fn what_chinese_readers_are_told_is_chinese() {
    let chinese = |text: &str| text.chars().any(|letter| ('\u{4E00}'..='\u{9FFF}').contains(&letter));
    for refused in refusals() {
        let refusal = words::refusal(refused);
        assert!(chinese(&refusal.detail.zh), "{refused:?}: {}", refusal.detail.zh);
        assert!(!chinese(&refusal.en()), "{refused:?}: {}", refusal.en());
    }
}
