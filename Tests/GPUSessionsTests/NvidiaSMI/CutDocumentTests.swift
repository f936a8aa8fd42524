import GPUSessions
import Testing

/// A document of which the end is missing.
@Suite struct CutDocumentTests {
  private static let document = octets(
    "<log><gpu id=\"0\"><mig_mode><current_mig>Enabled</current_mig></mig_mode><mig_devices><mig_device><index>0</index>"
      + "<gpu_instance_id>2</gpu_instance_id><compute_instance_id>0</compute_instance_id><fb_memory_usage><total>9984 MiB"
      + "</total></fb_memory_usage></mig_device></mig_devices><uuid>GPU-0</uuid><processes><process_info><gpu_instance_id>2"
      + "</gpu_instance_id><compute_instance_id>0</compute_instance_id><pid>7</pid><type>C</type><process_name>a &lt;"
      + "</process_name><used_memory>1 MiB</used_memory></process_info></processes></gpu></log>")

  @Test func `the XML document cut at every byte`() {
    for length in Self.document.indices {
      let isClosed = length >= Self.document.count - "</log>".utf8.count
      let gpus = MIGDocument(Array(Self.document[..<length])).gpus
      #expect(gpus.map(\.uuid) == (isClosed ? ["GPU-0"] : []), "cut at \(length)")
      #expect(gpus.allSatisfy { $0.instances.count == 1 && $0.processes.map(\.name) == [octets("a <")] })
    }
  }
}
