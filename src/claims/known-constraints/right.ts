export async function run(): Promise<string> {
  const { width, height } = navigator.mediaDevices.getSupportedConstraints();
  return `width and height are ${width && height ? 'known' : 'passed over'}`;
}
