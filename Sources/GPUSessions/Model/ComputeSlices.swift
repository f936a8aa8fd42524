/// Returns how many compute slices a whole GPU of this product has in MIG mode; `nil` if the product is not known.
///
/// Sources: NVIDIA's MIG user guide, "Supported GPUs" and "MIG device profiles": 7 on A100, H100, H200, GH200,
/// B200 and GB200; 4 on A30 and RTX PRO 6000; 2 on RTX PRO 5000, RTX PRO 4500 and Thor.
package func computeSlices(ofProduct name: String) -> Int? { migProduct(name)?.slices }

/// Whether GPUs of this product may report the utilization of MIG instances, which those of the Ampere generation do not;
/// `nil` if the product is not known.
package func reportsInstanceUtilization(product name: String) -> Bool? {
  migProduct(name).map { !ampereProducts.contains($0.words) }
}

private let ampereProducts = [["A30"], ["A100"], ["A100X"], ["A800"]]

private func migProduct(_ name: String) -> (words: [String], slices: Int)? {
  let words = Array(name.utf8).split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-") }.map(\.text)
  for (product, slices) in sliceTable where contains(words, product) { return (product, slices) }
  return nil
}

/// The consecutive words of a product's name that tell it, and its compute slices.
private let sliceTable: [([String], Int)] = [
  (["RTX", "PRO", "6000"], 4), (["RTX", "PRO", "5000"], 2), (["RTX", "PRO", "4500"], 2), (["Thor"], 2),
  (["A30"], 4), (["A100"], 7), (["A100X"], 7), (["A800"], 7), (["H100"], 7), (["H800"], 7), (["H20"], 7),
  (["H200"], 7), (["GH200"], 7), (["B100"], 7), (["B200"], 7), (["B300"], 7), (["GB200"], 7), (["GB300"], 7),
]

/// Whether the product's words stand next to each other in the name.
private func contains(_ words: [String], _ product: [String]) -> Bool {
  guard words.count >= product.count else { return false }
  return (0...(words.count - product.count)).contains { start in
    words[start..<(start + product.count)].elementsEqual(product)
  }
}
