import Glibc

/// The colour of an automaton's state, the same in the machine and among the points.
struct StateColor: Equatable {
  /// On light paper, `#rrggbb`.
  let light: String
  /// On dark paper.
  let dark: String

  /// Colours for a number of states.
  ///
  /// Up to eight are the page's, after Okabe and Ito ("Color universal design", 2008). More are hues that turn by the golden
  /// angle, so that states with neighbouring numbers differ most, in three shades; of so many, numbers tell them apart.
  static func palette(_ count: Int) -> [StateColor] {
    count <= okabeIto.count ? Array(okabeIto.prefix(count)) : (0..<count).map(turned)
  }

  /// The same as `--c0` to `--c7` of the page's style.
  static let okabeIto = zip(
    ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a900", "#5b6470"],
    ["#4aa3df", "#e69f00", "#2fbf97", "#dd8fc4", "#9ad4f5", "#f0803c", "#f0e442", "#a2abb6"]
  ).map { StateColor(light: $0, dark: $1) }

  private static func turned(_ index: Int) -> StateColor {
    let hue = (250 + 137.508 * Double(index)).truncatingRemainder(dividingBy: 360) * .pi / 180
    let shade = Double(index % 3)
    return StateColor(
      light: hex(lightness: 0.52 + 0.1 * shade, chroma: 0.13, hue: hue),
      dark: hex(lightness: 0.68 + 0.08 * shade, chroma: 0.12, hue: hue))
  }

  /// The sRGB of a colour of OKLCH (Ottosson, "A perceptual color space for image processing", 2020), with less chroma where
  /// sRGB does not reach it.
  private static func hex(lightness: Double, chroma: Double, hue: Double) -> String {
    var chroma = chroma
    while true {
      let a = chroma * cos(hue)
      let b = chroma * sin(hue)
      let long = cubed(lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b)
      let medium = cubed(lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b)
      let short = cubed(lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b)
      let linear = [
        4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short,
        -1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short,
        -0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701_0 * short,
      ]
      if chroma < 0.01 || linear.allSatisfy({ (0...1).contains($0) }) {
        return "#" + linear.map { channel($0) }.joined()
      }
      chroma -= 0.005
    }
  }

  private static func cubed(_ value: Double) -> Double { value * value * value }

  private static func channel(_ linear: Double) -> String {
    let clamped = min(max(linear, 0), 1)
    let encoded = clamped <= 0.003_130_8 ? 12.92 * clamped : 1.055 * pow(clamped, 1 / 2.4) - 0.055
    let text = String(Int((encoded * 255).rounded()), radix: 16)
    return text.count == 1 ? "0" + text : text
  }
}
