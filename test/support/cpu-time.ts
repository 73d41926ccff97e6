/** How long this thread has worked, in ms. For tests of speed: unlike the time that went by, it does not grow while the machine is busy elsewhere. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
