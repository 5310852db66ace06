use super::samples::*;
use crate::imaging::*;

/// The same numbers in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

const MAGIC: [&[u8]; 6] =
    [b"\xFF\xD8\xFF\xE0", b"\x89PNG\r\n\x1a\n", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"%PDF-1.7\n", b""];

#[test]
fn random_bytes_behind_any_first_bytes_are_refused() {
    let mut dice = Dice(0x5EED);
    for round in 0..300_usize {
        let length = (dice.next() % 3_000) as usize;
        let noise = (0..length).map(|_| dice.next() as u8);
        let file: Vec<u8> = MAGIC[round % MAGIC.len()].iter().copied().chain(noise).collect();
        assert!(decode(&file, &Limits::default()).is_err(), "round {round}: noise is no page");
    }
}

#[test]
fn a_file_cut_at_any_fiftieth_is_refused() {
    for (name, file) in good_files() {
        for part in 0..50 {
            let cut = &file[..file.len() * part / 50];
            assert!(decode(cut, &Limits::default()).is_err(), "{name} cut at {part} of 50 was taken");
        }
    }
}

#[test]
fn flipped_bits_never_yield_a_page_beyond_the_limits() {
    let limits = Limits {
        max_pixels: 1_000_000,
        max_side: 2_000,
        max_pages: 3,
        max_decoded_bytes: 8_000_000,
        ..Limits::default()
    };
    let mut dice = Dice(0xF11B);
    for (name, file) in good_files() {
        for round in 0..60 {
            let mut file = file.clone();
            for _ in 0..=round % 4 {
                let at = (dice.next() % file.len() as u64) as usize;
                file[at] ^= 1 << (dice.next() % 8);
            }
            let pages = match decode(&file, &limits) {
                Ok(pages) => pages,
                Err(_refused) => continue,
            };
            assert!(pages.len() <= 3, "{name}");
            for page in pages {
                assert!(page.image.width() * page.image.height() <= 1_000_000, "{name}");
                // What was taken can also be worked with.
                judge(&page, &QualityPolicy::default());
                slice_jpeg(&page.image, Rect::PAGE, 60);
            }
        }
    }
}

/// A PNG that says to have the given size and has no pixels.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 2, 0, 0, 0]);
    let mut crc = flate2::Crc::new();
    crc.update(b"IHDR");
    crc.update(&header);
    let end = b"\0\0\0\0IEND\xAE\x42\x60\x82";
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR".as_slice(),
        &header,
        &crc.sum().to_be_bytes(),
        b"\0\0\0\0IDAT\x35\xAF\x06\x1E",
        end,
    ]
    .concat()
}

/// A JPEG whose frame header is made to say the given size.
fn jpeg_header(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = encode_jpeg(&small(), 85);
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a baseline JPEG");
    jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

/// A page segment of a harmless size, then a generic region of the given one.
fn jbig2_region(side: u32) -> Vec<u8> {
    let page = [[0, 0, 0, 100], [0, 0, 0, 100], [0; 4], [0; 4]].concat();
    let region = [side.to_be_bytes(), side.to_be_bytes(), [0; 4], [0; 4], [0; 4]].concat();
    let segment = |number: u8, kind: u8, data: &[u8]| {
        [[0, 0, 0, number].as_slice(), &[kind, 0, 1, 0, 0, 0, data.len() as u8], data].concat()
    };
    let page = segment(0, 48, &[page, vec![0; 3]].concat());
    [page, segment(1, 38, &region)].concat()
}

fn image_dictionary(width: u32, filter: &str) -> String {
    format!("/Width {width} /Height 300 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter {filter}")
}

fn page_with_content(dictionary: &str, content: &[u8]) -> Vec<u8> {
    pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 288 216] /Contents 4 0 R >>".to_vec(),
        stream(dictionary, content),
    ])
}

fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let deep = deflated(&deflated_zeros(400));
    let inline = [b"q BI /W 9 /H 9 /F /Fl ID ".to_vec(), deflated_zeros(400), b" EI Q".to_vec()].concat();
    let huge_page =
        String::from_utf8_lossy(&pdf_pages(1)).replace("[0 0 288 216]", "[0 0 90000000 90000000]").into_bytes();
    vec![
        ("PNG of 60,000 pixels squared", png_header(60_000, 60_000)),
        ("PNG of two billion pixels squared", png_header(0x7FFF_FFFF, 0x7FFF_FFFF)),
        (
            "PNG with a text of 400 MiB",
            with_png_chunk(&png(&small()), b"zTXt", &[b"a\0\0".to_vec(), deflated_zeros(400)].concat()),
        ),
        ("JPEG of 65,500 pixels squared", jpeg_header(65_500, 65_500)),
        (
            "TIFF of 60,000 pixels squared",
            tiff_by_hand(
                &[0; 4],
                &[
                    (256, 60_000),
                    (257, 60_000),
                    (258, 8),
                    (259, 5),
                    (262, 1),
                    (273, 8),
                    (277, 1),
                    (278, 60_000),
                    (279, 4),
                ],
            ),
        ),
        ("PDF of a country's size", huge_page),
        ("PDF with content of 400 MiB", page_with_content("/Filter /FlateDecode", &deflated_zeros(400))),
        ("PDF with a bomb within a bomb", page_with_content("/Filter [/FlateDecode /FlateDecode]", &deep)),
        ("PDF with an image within its content", page_with_content("", &inline)),
        ("PDF with an image of 400 MiB", pdf_of_image(&image_dictionary(400, "/FlateDecode"), &deflated_zeros(400))),
        (
            "PDF with an image of a million columns",
            pdf_of_image(&image_dictionary(1_000_000, "/CCITTFaxDecode"), &[0; 9]),
        ),
        (
            "PDF with a JPEG of 65,500 pixels squared",
            pdf_of_image(&image_dictionary(400, "/DCTDecode"), &jpeg_header(65_500, 65_500)),
        ),
        (
            "PDF with a JBIG2 region of 65,000 pixels squared",
            pdf_of_image(&image_dictionary(400, "/JBIG2Decode"), &jbig2_region(65_000)),
        ),
        ("PDF with run lengths", pdf_of_image(&image_dictionary(400, "/RunLengthDecode"), &vec![129; 5_000_000])),
    ]
}

/// The most memory that this process ever had, where the system tells.
fn peak_mebibytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kibibytes| kibibytes / 1024)
}

/// Set in the process of its own in which memory is measured.
const ALONE: &str = "SHUNIU_TEST_ALONE";

/// Memory is counted by process, so the measuring test runs itself again in one where no other test is.
#[test]
fn a_bomb_is_refused_without_the_memory_it_asks_for() {
    if std::env::var_os(ALONE).is_some() {
        return set_off_bombs();
    }
    let module = module_path!().split_once("::").map_or("", |(_, within_crate)| within_crate);
    let name = format!("{module}::a_bomb_is_refused_without_the_memory_it_asks_for");
    let itself = std::env::current_exe().expect("a running test has a file");
    let run = std::process::Command::new(itself).args(["--exact", &name, "--nocapture"]).env(ALONE, "1").output();
    let run = run.expect("the test starts");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&run.stderr));
}

fn set_off_bombs() {
    // What may be taken at most is what the limits allow for a file, and the file itself.
    const ALLOWED_MEBIBYTES: u64 = 300;
    for (name, file) in bombs() {
        let before = peak_mebibytes();
        let refusal = decode(&file, &Limits::default()).err();
        let is_named = matches!(
            refusal,
            Some(
                ImageRefusal::TooManyPixels { .. }
                    | ImageRefusal::TooManyPixelsWithin { .. }
                    | ImageRefusal::TooLong { .. }
                    | ImageRefusal::Bomb { .. }
            )
        );
        // The text of a PNG is never unpacked, so the page within is simply read.
        assert!(is_named || name.starts_with("PNG with a text"), "{name}: {refusal:?}");
        if let (Some(before), Some(after)) = (before, peak_mebibytes()) {
            let taken = after.saturating_sub(before);
            assert!(taken < ALLOWED_MEBIBYTES, "{name}: took {taken} MiB");
        }
    }
}
