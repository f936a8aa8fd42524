/// Finds the files of a kubelet whose directory is another one than usual (`--root-dir`).
struct MovedKubelet {
  let host: Host
  let options: Options
  /// PIDs on GPUs: their command lines are never read.
  let onGPUs: [Int32]

  /// What the kubelet has written, wherever its directory is; `nil` if there is none of its files.
  ///
  /// The processes are looked at only if the usual directories leave something open: to look for a kubelet among them takes
  /// longer than to read its files. `podsWithSession` have a session, `hasPods` tells whether there are any pods.
  func read(podsWithSession: Set<PodUID>, hasPods: () -> Bool) -> HandedOutDevices? {
    let usual = KubeletFiles(host: host, options: options).read()
    if options.kubeletRootOverride != nil || !isLacking(usual, podsWithSession, hasPods) { return usual }
    let moved = roots.filter { $0 != options.kubeletRoot }
    if moved.isEmpty { return usual }
    return KubeletFiles(host: host, options: options, moved: moved).read()
  }

  /// That no directory of a kubelet is there; `nil` if one is. A kubelet makes its directory when it starts.
  var missingDirectory: KubeletFailure? {
    let directories = KubeletFiles(host: host, options: options, moved: roots).roots
    let isThere = directories.contains { root in
      if case .absent = host.listDirectory(root) { false } else { true }
    }
    return isThere ? nil : KubeletFailure(path: options.kubeletRoot, source: .pluginCheckpoint, cause: .missing)
  }

  /// Whether nothing was found although there are pods, a pod with a session holds nothing by these files, or a file of claims
  /// has to be somewhere else.
  private func isLacking(
    _ devices: HandedOutDevices?, _ podsWithSession: Set<PodUID>, _ hasPods: () -> Bool
  ) -> Bool {
    guard let devices else { return !podsWithSession.isEmpty || hasPods() }
    var withoutDevices = podsWithSession
    for uid in devices.entries.lazy.compactMap(\.podUID) { withoutDevices.remove(uid) }
    return !withoutDevices.isEmpty || devices.failures.contains { $0.source == .claims && $0.cause == .missing }
  }

  /// The directories that the command lines of running kubelets name.
  private var roots: [String] {
    var daemons = RuntimeDaemons(node: ProcFS(host: host, root: options.proc), onGPUs: onGPUs)
    let kubelets = ["kubelet", "hyperkube"].flatMap { daemons.daemons(named: $0) }
    return kubelets.flatMap { optionPaths(["--root-dir"], in: $0.arguments) }.map(options.nodePath)
  }
}
