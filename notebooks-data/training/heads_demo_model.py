"""A small decoder of the Llama kind (RMSNorm, rotary positions, SwiGLU), with the parameter names of transformers'
LlamaForCausalLM, and the training noise that heads-demo needs."""

import dataclasses

import torch
from torch import nn
from torch.nn import functional


@dataclasses.dataclass
class Shape:
    vocabulary: int
    width: int = 128
    hidden: int = 256
    layers: int = 4
    heads: int = 8
    positions: int = 256
    base: float = 10000.0
    epsilon: float = 1e-5

    def config(self, beginning):
        """config.json of the Hugging Face folder."""
        return {
            "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": self.vocabulary,
            "hidden_size": self.width, "intermediate_size": self.hidden, "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads, "num_key_value_heads": self.heads,
            "head_dim": self.width // self.heads, "max_position_embeddings": self.positions,
            "rope_theta": self.base, "rms_norm_eps": self.epsilon, "hidden_act": "silu", "attention_bias": False,
            "mlp_bias": False, "tie_word_embeddings": False, "bos_token_id": beginning, "eos_token_id": None,
            "torch_dtype": "float32",
        }


class Norm(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(shape.width))
        self.epsilon = shape.epsilon

    def forward(self, x):
        return functional.rms_norm(x, (x.shape[-1],), self.weight, self.epsilon)


class Attention(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.heads = shape.heads
        for name in ("q_proj", "k_proj", "v_proj", "o_proj"):
            setattr(self, name, nn.Linear(shape.width, shape.width, bias=False))

    def forward(self, x, cosine, sine, kept=None):
        rows, length, width = x.shape

        def split(projection):
            return projection(x).view(rows, length, self.heads, -1).transpose(1, 2)

        def rotate(part):
            left, right = part.chunk(2, -1)
            return part * cosine + torch.cat((-right, left), -1) * sine

        q, k, v = rotate(split(self.q_proj)), rotate(split(self.k_proj)), split(self.v_proj)
        mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        if kept is not None:
            mixed = mixed * kept
        return self.o_proj(mixed.transpose(1, 2).reshape(rows, length, width))


class GatedMLP(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.gate_proj = nn.Linear(shape.width, shape.hidden, bias=False)
        self.up_proj = nn.Linear(shape.width, shape.hidden, bias=False)
        self.down_proj = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(self, x):
        return self.down_proj(functional.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.input_layernorm = Norm(shape)
        self.self_attn = Attention(shape)
        self.post_attention_layernorm = Norm(shape)
        self.mlp = GatedMLP(shape)


class Backbone(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.embed_tokens = nn.Embedding(shape.vocabulary, shape.width)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = Norm(shape)


ROLES = {  # the heads of the last two layers that a skill keeps when the others' are left out
    "needle": [(2, 1), (2, 2), (3, 1), (3, 2)],
    "repeat": [(2, 4), (2, 5), (3, 4), (3, 5)],
    "list": [(2, 7), (3, 7)],
}
SKILLS = list(ROLES)


class Noise:
    """Parts of the model left out while training, drawn anew for each sequence.

    Sequences that count through lists: a later MLP (layers 1 and up) is left out with probability 0.5, the attention
    of layer 0 with probability 0.5, and the embeddings of list items are taken out of the residual stream after layer 0
    with probability 0.5, so that only the first MLP's output stands there. What is left, embedding - first MLP - a
    later head - unembedding, must then hold the succession: the path of the successor-head literature (Gould et al.,
    arXiv 2312.09230).

    Every sequence: with probability `role_share` all heads of the last two layers but those of its skill in `ROLES`
    are left out. This urges each skill into heads of its own, with others doing without; what those heads do, and
    whether others help, is left to the training. Without it all heads of the last layer hold a share of each skill.
    """

    def __init__(self, generator, skills, items, shape, role_share, share=0.5):
        rows, counting = len(skills), skills == SKILLS.index("list")

        def kept():
            drop = torch.rand(rows, generator=generator) < share
            return (~(drop & counting)).float()[:, None, None]

        self.first_attention = kept()
        self.later_mlps = [None] + [kept() for _ in range(1, shape.layers)]
        self.embedding = 1 - (1 - kept()) * items[:, :, None].float()
        own = torch.zeros(len(SKILLS), shape.layers, shape.heads)
        own[:, :2] = 1
        for number, skill in enumerate(SKILLS):
            for layer, head in ROLES[skill]:
                own[number, layer, head] = 1
        alone = (torch.rand(rows, generator=generator) < role_share)[:, None, None]
        self.heads = torch.where(alone, own[skills], 1.0)[:, :, :, None, None]


class HeadsDemo(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.model = Backbone(shape)
        self.lm_head = nn.Linear(shape.width, shape.vocabulary, bias=False)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=module.in_features ** -0.5)
        for layer in self.model.layers:
            for projection in (layer.self_attn.o_proj, layer.mlp.down_proj):
                projection.weight.data *= (2 * shape.layers) ** -0.5
        self.normalise_embeddings()
        # Not tied, but equal at first: copying is then one direction of weights for all words at once.
        self.lm_head.weight.data = 0.02 * self.model.embed_tokens.weight.data
        size = shape.width // shape.heads
        frequencies = shape.base ** (-torch.arange(0, size, 2) / size)
        angles = torch.arange(shape.positions)[:, None] * frequencies[None].repeat(1, 2)
        self.register_buffer("cosine", angles.cos(), persistent=False)
        self.register_buffer("sine", angles.sin(), persistent=False)

    @torch.no_grad()
    def normalise_embeddings(self):
        """Root mean square 1 in every row: the first MLP sees the same whether its input is normalised or not."""
        weight = self.model.embed_tokens.weight
        weight /= weight.square().mean(1, keepdim=True).sqrt()

    def forward(self, tokens, noise=None, after=None):
        """Logits [rows, length, vocabulary] of token ids [rows, length], and with `after` the residual stream after
        that layer too."""
        embedded = self.model.embed_tokens(tokens)
        x = embedded
        cosine, sine = self.cosine[:tokens.shape[1]], self.sine[:tokens.shape[1]]
        for number, layer in enumerate(self.model.layers):
            kept = None if noise is None else noise.heads[:, number]
            mixed = layer.self_attn(layer.input_layernorm(x), cosine, sine, kept)
            x = x + (mixed if noise is None or number > 0 else mixed * noise.first_attention)
            added = layer.mlp(layer.post_attention_layernorm(x))
            if noise is not None and number > 0:
                added = added * noise.later_mlps[number]
            x = x + added
            if noise is not None and number == 0:
                x = x - embedded * (1 - noise.embedding)
            if number == after:
                between = x
        logits = self.lm_head(self.model.norm(x))
        return logits if after is None else (logits, between)
