// Passwords that can be read out and typed: 20 of 31 characters, 99 bits.
const letters = "abcdefghjkmnpqrstuvwxyz23456789";

export function newPassword(): string {
  const found: string[] = [];
  while (found.length < 20) {
    for (const octet of crypto.getRandomValues(new Uint8Array(32))) {
      // 248 = 8 × 31: each character is as likely as another.
      if (octet < 248 && found.length < 20) found.push(letters[octet % letters.length]!);
    }
  }
  return found.join("").replace(/(.{5})(?=.)/g, "$1-");
}
