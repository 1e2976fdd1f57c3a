// A bot by discord.js that knows nothing of Qantar; does and tells what bot.py does.
// `node bot.js API TOKEN [COMPRESSION]` with the modules of package.json on NODE_PATH.
const { Client, Events, GatewayIntentBits, Partials } = require("discord.js");

const [api, token] = process.argv.slice(2);
const tell = (event, more) => console.log(JSON.stringify({ event, ...more }));

const bot = new Client({
	intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
	partials: [Partials.Channel, Partials.Message],
	rest: { api: api.replace(/\/v10$/, ""), version: "10" },
	allowedMentions: { parse: [], repliedUser: false },
});
bot.once(Events.ClientReady, (ready) => tell("ready", { user: ready.user.id, guilds: ready.guilds.cache.size }));
bot.on(Events.ShardResume, () => tell("resumed", {}));
bot.on(Events.ShardReconnecting, () => tell("disconnected", {}));
bot.on(Events.Error, (error) => tell("error", { text: String(error) }));
bot.on(Events.MessageUpdate, (before, after) => tell("edited", { id: after.id, content: after.content }));
bot.on(Events.MessageDelete, (message) => tell("deleted", { id: message.id }));
bot.on(Events.MessageCreate, async (message) => {
	const direct = message.guildId === null;
	tell("message", { id: message.id, author: message.author.username, content: message.content, direct,
		own: message.author.id === bot.user.id });
	if (message.author.bot || !(direct || message.mentions.has(bot.user)))
		return;
	const text = message.content.replace(`<@${bot.user.id}>`, "").trim();
	for (const part of text.split("|")) {
		const reply = await message.reply({ content: "pong: " + part, nonce: message.id.slice(-20), enforceNonce: false });
		tell("replied", { id: reply.id, content: reply.content });
	}
});
bot.login(token);
