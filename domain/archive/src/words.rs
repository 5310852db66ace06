//! What the quality gate and the decoder say, in the sentences that a teller reads.

use crate::imaging::{Finding, FindingKind, ImageRefusal};
use kernel::{Code, Refusal};

/// A finding in Chinese and in English: what is wrong, by how much, and what to do.
pub fn finding(finding: &Finding) -> (String, String) {
    let (measured, limit) = (finding.measured, finding.limit);
    match finding.kind {
        FindingKind::LowResolution => (
            format!("分辨率不足（{measured} dpi，要求不低于 {limit} dpi），请提高扫描分辨率"),
            format!("resolution too low ({measured} dpi, at least {limit} dpi), scan at a higher resolution"),
        ),
        FindingKind::FewPixels => (
            format!("分辨率不足（长边 {measured} 像素，要求不低于 {limit} 像素），请提高分辨率或靠近重拍"),
            format!("resolution too low (longer side {measured} px, at least {limit} px), capture it larger"),
        ),
        FindingKind::Skewed => (
            format!("页面倾斜 {} 度（不超过 {} 度），请摆正后重拍", hundredths(measured), hundredths(limit)),
            format!("page skewed by {} degrees (at most {}), straighten it", hundredths(measured), hundredths(limit)),
        ),
        FindingKind::Blurred => ("影像模糊，请对焦后重拍".into(), "image blurred, focus and capture again".into()),
        FindingKind::Blank => ("空白页，请检查是否放反".into(), "blank page, check whether it lies face down".into()),
        FindingKind::CutCorner => {
            ("页角缺失或折角，请展平后重拍".into(), "a corner is cut off or folded, flatten it".into())
        }
        FindingKind::TooDark => {
            ("影像过暗，请调整光线或曝光".into(), "image too dark, adjust light or exposure".into())
        }
        FindingKind::TooBright => {
            ("字迹过淡或反光，请调整光线或曝光".into(), "ink hardly visible, adjust light or exposure".into())
        }
    }
}

/// Rounded up, so that what is over a limit never reads as the limit.
pub(crate) fn mebibytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10).div_ceil(1 << 20);
    if tenths.is_multiple_of(10) {
        format!("{} MB", tenths / 10)
    } else {
        format!("{}.{} MB", tenths / 10, tenths % 10)
    }
}

fn hundredths(value: i64) -> String {
    format!("{}.{:02}", value / 100, value % 100)
}

/// The refusal of a file that cannot be taken in.
pub fn refusal(refused: ImageRefusal) -> Refusal {
    use ImageRefusal::*;
    // What the sentence of the code does not ask for by itself is asked for here.
    let en = match refused {
        Encrypted => format!("{refused}, take the protection off"),
        FontMissing { .. } => format!("{refused}, scan the paper instead"),
        _ => refused.to_string(),
    };
    let (code, zh) = match refused {
        Empty => (Code::BrokenImage, "文件为空".to_owned()),
        TooManyBytes { bytes, limit } => {
            (Code::ImageTooLarge, format!("文件 {}，上限 {}", mebibytes(bytes), mebibytes(limit)))
        }
        UnknownType => (Code::UnsupportedImage, "文件既不是 JPEG、PNG、TIFF，也不是 PDF".to_owned()),
        Unsupported { page, feature } => {
            (Code::UnsupportedImage, format!("第 {page} 页使用了不支持的格式（{feature}）"))
        }
        TooManyPixels { page, width, height, limit } => {
            (Code::ImageTooLarge, format!("第 {page} 页 {width}×{height} 像素，上限 {limit} 像素"))
        }
        TooLong { page, width, height, limit } => {
            (Code::ImageTooLarge, format!("第 {page} 页 {width}×{height} 像素，边长上限 {limit} 像素"))
        }
        TooManyPages { limit, .. } => (Code::TooManyPages, format!("每个文件最多 {limit} 页")),
        TooMuchTogether { page, limit } => {
            (Code::ImageTooLarge, format!("前 {page} 页合计占用内存超过 {}", mebibytes(limit)))
        }
        Bomb { limit } => (Code::ImageTooLarge, format!("压缩数据展开后超过 {}", mebibytes(limit))),
        TooManyPixelsWithin { width, height, limit } => {
            (Code::ImageTooLarge, format!("PDF 内含 {width}×{height} 像素的图像，上限 {limit} 像素"))
        }
        NoPages => (Code::BrokenImage, "文件中没有页面".to_owned()),
        Truncated { page } => (Code::BrokenImage, format!("第 {page} 页不完整")),
        Broken { page } => (Code::BrokenImage, format!("第 {page} 页数据损坏")),
        Encrypted => (Code::UnsupportedImage, "PDF 已加密，须先解除保护".to_owned()),
        FontMissing { page } => {
            (Code::UnsupportedImage, format!("第 {page} 页的字体未嵌入 PDF，须改用纸质凭证的扫描件"))
        }
        Unreadable { media } => (Code::BrokenImage, format!("{media} 文件无法读取")),
    };
    Refusal::detailed(code, zh, en)
}
