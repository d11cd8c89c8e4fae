//! The drawing.

use plot::Plot;
use roxmltree::Document;

fn throughput() -> Plot {
    Plot::new("throughput", "Pages & seconds")
        .x("connections")
        .y("pages a second")
        .log_x()
        .log_y()
        .line(
            "aiohttp",
            [(10.0, 187.0), (100.0, 1_752.0), (1_000.0, 1_567.0)],
        )
        .line(
            "{reqwest}",
            [(10.0, 190.0), (100.0, 1_856.0), (1_000.0, 11_379.0)],
        )
}

fn texts(svg: &str, class: &str) -> Vec<String> {
    let document = Document::parse(svg).expect("XML");
    let elements = document.descendants();
    let texts = elements.filter(|node| node.attribute("class") == Some(class));
    texts
        .filter_map(|node| node.text().map(str::to_owned))
        .collect()
}

#[test]
fn it_has_labels_and_a_legend() {
    let svg = throughput().to_svg();
    assert_eq!(texts(&svg, "x"), ["10", "100", "1,000"]);
    assert_eq!(texts(&svg, "y"), ["100", "1,000", "10,000", "100,000"]);
    assert_eq!(texts(&svg, "label"), ["pages a second"]);
    assert_eq!(texts(&svg, "end"), ["connections"]);
    assert_eq!(texts(&svg, "name"), ["aiohttp", "{reqwest}"]);
}

#[test]
fn it_survives_markdown_and_mdbook() {
    let svg = throughput().to_svg();
    assert!(!svg.contains("\n\n") && !svg.contains("{{") && !svg.contains(">{"));
    assert!(svg.contains("Pages &amp; seconds"));
}

#[test]
fn a_screen_reader_gets_a_title_and_a_description() {
    let svg = throughput().to_svg();
    let document = Document::parse(&svg).expect("XML");
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let ids = root.attribute("aria-labelledby").expect("ids");
    let named = |id: &str| {
        let mut nodes = document.descendants();
        let node = nodes.find(|node| node.attribute("id") == Some(id));
        node.and_then(|node| node.text()).map(str::to_owned)
    };
    let read: Vec<_> = ids.split(' ').filter_map(named).collect();
    assert_eq!(read[0], "Pages & seconds");
    assert!(
        read[1].contains("Aiohttp: 187 at 10, 1,752 at 100"),
        "{read:?}"
    );
}

#[test]
fn every_point_lies_between_the_axes() {
    let bad = [
        (f64::NAN, 1.0),
        (1.0, f64::INFINITY),
        (1.0, -5.0),
        (0.0, 0.0),
        (1e300, 1e300),
    ];
    let plots = [
        throughput(),
        throughput().line("bad", bad),
        Plot::new("linear", "").line("bad", bad),
        Plot::new("empty", ""),
        Plot::new("one", "").line("a", [(3.0, 3.0)]),
    ];
    for plot in plots {
        let svg = plot.to_svg();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        let document = Document::parse(&svg).expect("XML");
        for circle in document
            .descendants()
            .filter(|node| node.has_tag_name("circle"))
        {
            let at = |name| circle.attribute(name).and_then(|n| n.parse::<f64>().ok());
            let (x, y) = (at("cx").expect("a number"), at("cy").expect("a number"));
            assert!(
                (0.0..=420.0).contains(&x) && (0.0..=300.0).contains(&y),
                "{svg}"
            );
        }
    }
}
