/// The version of this program, as `--version` and `gpu_session_collector_build_info` say it.
package let version = "0.1.0"
