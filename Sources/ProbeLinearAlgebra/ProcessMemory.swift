internal import CVectorMath

/// How this process handles memory.
public enum ProcessMemory {
  /// Keeps freed buffers for the next request, instead of giving their pages back and faulting new ones in.
  ///
  /// For programs that fill and drop large buffers over and over; libraries leave the choice to them.
  public static func keepLargeBuffers() { rp_keep_large_buffers() }
}
