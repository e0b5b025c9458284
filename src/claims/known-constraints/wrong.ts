export async function run(): Promise<string> {
  const { aspectRatio } = navigator.mediaDevices.getSupportedConstraints();
  return `aspectRatio is ${aspectRatio ? 'known' : 'passed over'}`;
}
