// Judges, by other people's parser of Discord's markdown, whether contents are plain text.
// In: a JSON list of contents. Out: a JSON list of {plain, text}: no mark was found, and what a reader sees.
const { parser } = require("@odiffey/discord-markdown");

const read = (content) => {
	const nodes = parser(content);
	return {
		plain: nodes.every((node) => ["text", "br"].includes(node.type)),
		text: nodes.map((node) => (node.type === "br" ? "\n" : node.content)).join(""),
	};
};
const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk));
process.stdin.on("end", () => console.log(JSON.stringify(JSON.parse(Buffer.concat(chunks)).map(read))));
